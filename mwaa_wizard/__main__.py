"""`python -m mwaa_wizard` is the `mwaa-wizard` command."""

from mwaa_wizard.cli import main

if __name__ == "__main__":
    main()
