"""The command line: each module holds the commands of one subject and imports the engine when it runs."""
