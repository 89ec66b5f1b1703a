"""Rows kept aside: streamed away as they come, however many they are."""


def keep_query(cursor, query, kept):
    """The rows of a SELECT as CSV into a Kept (see importing.py), if there is one."""
    if kept is not None:
        cursor.copy_expert("COPY (%s) TO STDOUT WITH (FORMAT csv, ENCODING 'UTF8')" % query, kept)
