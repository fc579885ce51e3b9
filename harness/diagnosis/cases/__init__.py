"""Why a declared case fails: its seeds trained once more under watch, and judged together."""
