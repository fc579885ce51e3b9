"""pytester runs the plugin as a user meets it: a pytest run of its own, in an empty folder."""

pytest_plugins = ["pytester"]
