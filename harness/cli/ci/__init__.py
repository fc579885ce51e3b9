"""`harness ci`: two revisions of a project, trained on the same machine and compared."""
