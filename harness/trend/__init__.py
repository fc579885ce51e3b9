"""What complete runs found, over commits and versions: kept, and searched for steps."""
