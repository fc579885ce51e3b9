"""All that is not running tests: `harness COMMAND`, one module a command."""
