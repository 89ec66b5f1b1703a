"""What MWAA's documents say of every pair of known versions, written out by hand: no code of the planner is used.

Rows are sources, columns are targets, both oldest first, in three groups: ended · the living 2.x · 3.x.

In-place changes [MWAA user guide: upgrading-environment]: within a major version any jump, up and down, in one step;
2.x to 3.x from the newest 2.11.x only, so that others stop there; 3.x down to 2.11.x. Versions whose support ended
are no targets [airflow-versions]. 1.x to 2.x takes a new environment.
History [migration guide]: a DAG exports it, a DAG imports it. Tasks of Airflow 3 do not reach the metadata database
[airflow-versions], so 3.x neither exports nor imports; an older target lacks columns of a newer source.
Settings [access-mwaa-apache-airflow-rest-api]: the REST API came with Airflow 2.0.
"""

from __future__ import annotations

VERSIONS = [
    "1.10.12",
    "2.0.2",
    "2.2.2",
    "2.4.3",
    "2.5.1",
    "2.6.3",
    "2.7.2",
    "2.8.1",
    "2.9.2",
    "2.10.1",
    "2.10.3",
    "2.11.0",
    "2.11.2",
    "3.0.6",
    "3.2.1",
    "3.3.1",
]

# . one jump · 2 up by way of 2.11.2 · v down by way of 2.11.2 · s the same · e ended · 1 from 1.x
IN_PLACE = """
1.10.12  seeeee 1111111 111
2.0.2    eseeee ....... 222
2.2.2    eeseee ....... 222
2.4.3    eeesee ....... 222
2.5.1    eeeese ....... 222
2.6.3    eeeees ....... 222
2.7.2    eeeeee s...... 222
2.8.1    eeeeee .s..... 222
2.9.2    eeeeee ..s.... 222
2.10.1   eeeeee ...s... 222
2.10.3   eeeeee ....s.. 222
2.11.0   eeeeee .....s. 222
2.11.2   eeeeee ......s ...
3.0.6    eeeeee vvvvv.. s..
3.2.1    eeeeee vvvvv.. .s.
3.3.1    eeeeee vvvvv.. ..s
"""

# . possible · e ended · n the source is newer · x nothing exports from 3.x · i nothing imports into 3.x
NEW_ENVIRONMENT = """
1.10.12  eeeeee ....... iii
2.0.2    eeeeee ....... iii
2.2.2    eeeeee ....... iii
2.4.3    eeeeee ....... iii
2.5.1    eeeeee ....... iii
2.6.3    eeeeee ....... iii
2.7.2    eeeeee ....... iii
2.8.1    eeeeee n...... iii
2.9.2    eeeeee nn..... iii
2.10.1   eeeeee nnn.... iii
2.10.3   eeeeee nnnn... iii
2.11.0   eeeeee nnnnn.. iii
2.11.2   eeeeee nnnnnn. iii
3.0.6    eeeeee xxxxxxx iii
3.2.1    eeeeee xxxxxxx iii
3.3.1    eeeeee xxxxxxx iii
"""

# . possible · d directly, a bridge is not needed · x nothing exports from 3.x
BRIDGE = """
1.10.12  dddddd ddddddd ...
2.0.2    dddddd ddddddd ...
2.2.2    dddddd ddddddd ...
2.4.3    dddddd ddddddd ...
2.5.1    dddddd ddddddd ...
2.6.3    dddddd ddddddd ...
2.7.2    dddddd ddddddd ...
2.8.1    dddddd ddddddd ...
2.9.2    dddddd ddddddd ...
2.10.1   dddddd ddddddd ...
2.10.3   dddddd ddddddd ...
2.11.0   dddddd ddddddd ...
2.11.2   dddddd ddddddd ...
3.0.6    dddddd ddddddd xxx
3.2.1    dddddd ddddddd xxx
3.3.1    dddddd ddddddd xxx
"""

# . possible · e ended · r no REST API in 1.10
SETTINGS_ONLY = """
1.10.12  eeeeee rrrrrrr rrr
2.0.2    eeeeee ....... ...
2.2.2    eeeeee ....... ...
2.4.3    eeeeee ....... ...
2.5.1    eeeeee ....... ...
2.6.3    eeeeee ....... ...
2.7.2    eeeeee ....... ...
2.8.1    eeeeee ....... ...
2.9.2    eeeeee ....... ...
2.10.1   eeeeee ....... ...
2.10.3   eeeeee ....... ...
2.11.0   eeeeee ....... ...
2.11.2   eeeeee ....... ...
3.0.6    eeeeee ....... ...
3.2.1    eeeeee ....... ...
3.3.1    eeeeee ....... ...
"""

# Recommended where nothing must be kept: i in-place · n new-environment · b bridge · s settings-only · - none
RECOMMENDED = """
1.10.12  ------ nnnnnnn bbb
2.0.2    ------ iiiiiii bbb
2.2.2    ------ iiiiiii bbb
2.4.3    ------ iiiiiii bbb
2.5.1    ------ iiiiiii bbb
2.6.3    ------ iiiiiii bbb
2.7.2    ------ niiiiii bbb
2.8.1    ------ iniiiii bbb
2.9.2    ------ iiniiii bbb
2.10.1   ------ iiiniii bbb
2.10.3   ------ iiiinii bbb
2.11.0   ------ iiiiini iii
2.11.2   ------ iiiiiin iii
3.0.6    ------ iiiiiii sii
3.2.1    ------ iiiiiii isi
3.3.1    ------ iiiiiii iis
"""

# Words a reason must hold, and its source, by the letter of the tables above.
REASONS = {
    "s": ("runs", "upgrading-environment"),
    "e": ("ended on", "airflow-versions"),
    "1": ("1.x to 2.x takes a new environment", "upgrading-environment"),
    "n": ("is newer than", "schemas"),
    "x": ("nothing exports", "airflow-versions"),
    "i": ("cannot be imported", "airflow-versions"),
    "d": ("Not needed", "migration guide"),
    "r": ("no REST API", "rest-api"),
}


def cells(table: str) -> dict[tuple[str, str], str]:
    """{(source, target): letter} of one of the tables above."""
    found = {}
    for line in table.strip().splitlines():
        source, *groups = line.split()
        letters = "".join(groups)
        assert len(letters) == len(VERSIONS), line
        found.update({(source, target): letter for target, letter in zip(VERSIONS, letters, strict=True)})
    assert len(found) == len(VERSIONS) ** 2
    return found
