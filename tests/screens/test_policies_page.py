"""Page Policies by keys: who, what, why, out to the terminal and to files, beside what is there, and attached."""

from __future__ import annotations

import base64
import io
import json
import re
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any

import pytest

from mwaa_wizard import paths
from mwaa_wizard.errors import WizardError
from mwaa_wizard.front import engine_policies
from mwaa_wizard.policies.analyzed import Analysis, Finding
from mwaa_wizard.session.model import Session
from mwaa_wizard.text import width
from screens import policy_text
from screens.policies import PoliciesPage
from screens.widgets.document_view import DocumentView

from .conftest import Opener
from .driver import Driver
from .fakes import FakeEngine, ready_session


def page(d: Driver) -> PoliciesPage:
    assert isinstance(d.app.screen, PoliciesPage)
    return d.app.screen


def kept(session: Session, name: str) -> Path:
    return paths.run_dir(session.id) / "policies" / name


def clipboard(d: Driver, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """What is written to the terminal as OSC 52, decoded as a terminal does."""
    sent: list[str] = []
    driver = d.app._driver
    assert driver is not None
    write = driver.write

    def noting(data: str) -> None:
        sent.extend(
            base64.b64decode(payload, validate=True).decode("utf-8")
            for payload in re.findall(r"\x1b\]52;c;([^\x07\x1b]*)(?:\x07|\x1b\\)", data)
        )
        write(data)

    monkeypatch.setattr(driver, "write", noting)
    return sent


@pytest.mark.parametrize("size", [(80, 24), (120, 40)])
async def test_the_source_role_is_shown_with_its_place_size_and_first_reason(
    opening: Opener, size: tuple[int, int]
) -> None:
    async with opening(ready_session(), "policies", size) as d:
        text = d.text()
        assert "Attach to arn:aws:iam::111122223333:role/service-role/mwaa-prod" in text
        used, most = engine_policies.sizes(page(d).piece)
        assert f"-source, {used:,} / {most:,}" in text
        assert f"{len(page(d).text.splitlines())} lines" in text
        assert '1  {' in text
        assert '"Sid": "ListBundle"' in text
        assert "◂ ListBundle: Tells" in text
        assert all(width(row) <= size[0] for row in text.splitlines())


async def test_the_reason_follows_the_cursor_and_stands_at_the_right_too(opening: Opener) -> None:
    async with opening(ready_session(), "policies", (120, 40)) as d:
        page(d).query_one(DocumentView).go_to("WriteBundle")
        await d.settled()
        assert "◂ WriteBundle: The inventory and export DAGs" in d.flat()
        assert "WriteBundle: The inventory" in d.flat(2)
        await d.press("home")
        assert "The run attaches it" in d.flat()
        await d.press("h")
        for sid, why in page(d).piece.policy.why.items():
            assert f"{sid}: {why[:20]}" in d.flat()


async def test_tabs_lead_round_and_v_to_the_other_documents_of_one(opening: Opener) -> None:
    async with opening(ready_session(), "policies") as d:
        titles = []
        for _turn in range(8):
            titles.append(page(d).piece.name)
            await d.press("right")
        assert titles[0] == titles[-1] == "source-role"
        assert titles[1:7] == [
            "target-role", "execution-role", "bucket", "log-export-source", "operator-source", "ui-admin"
        ]  # fmt: skip
        assert "next of its kind" not in d.footer()
        await d.press("left", "left")
        assert page(d).piece.name == "ui-admin"
        await d.press("v")
        assert page(d).piece.name == "ui-op"
        assert "2/8 web, as Op" in d.text()


async def test_the_page_has_documents_before_aws_answers(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A slow network is waited for beside the documents, not in front of them; a failed one is told, and F5 asks."""
    fake.policies.refuse["asked"] = WizardError(what="The network is down.", remedy="Wait.")
    async with opening(ready_session(), "policies") as d:
        assert '"Sid": "ListBundle"' in d.text()
        assert "The network is down." in d.text()
        assert "lacks its" not in d.text()  # nobody needs the source's answer for this document
        assert "(not known yet)" in d.text()
        await d.press("f5")
        assert "role/service-role/mwaa-prod" in d.text()


@pytest.mark.parametrize("form", ["json", "cli", "cloudformation", "terraform"])
async def test_what_is_copied_and_saved_is_what_the_command_prints(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch, form: str
) -> None:
    from mwaa_wizard.commands.policy import policy

    session = ready_session()
    async with opening(session, "policies") as d:
        sent = clipboard(d, monkeypatch)
        for _turn in range(["json", "cli", "cloudformation", "terraform"].index(form)):
            await d.press("t")
        await d.press("y")
        printed = io.StringIO()
        with redirect_stdout(printed):
            policy.main([session.id, "--for", "source-role", "--format", form], standalone_mode=False)
        assert sent == [printed.getvalue()]
        ending = {"json": "json", "cli": "sh", "cloudformation": "yaml", "terraform": "tf"}[form]
        assert kept(session, f"source-role.{ending}").read_text() == printed.getvalue()
    if form == "json":
        assert {one["Sid"] for one in json.loads(printed.getvalue())["Statement"]} >= {"ListBundle", "WriteBundle"}


async def test_who_is_open_is_who_is_copied(
    opening: Opener, fake: FakeEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """All tabs, each in the form that comes next; every document in every form: tests/policies/test_bytes.py."""
    from mwaa_wizard.commands.policy import policy

    session, forms, expected = ready_session(), ["cli", "cloudformation", "terraform", "json"], list[str]()
    async with opening(session, "policies") as d:
        sent = clipboard(d, monkeypatch)
        for turn in range(7):
            name = page(d).piece.name
            await d.press("t", "y", "right")
            printed = io.StringIO()
            with redirect_stdout(printed):
                policy.main([session.id, "--for", name, "--format", forms[turn % 4]], standalone_mode=False)
            expected.append(printed.getvalue())
        assert sent == expected
        assert len(set(sent)) == 7


async def test_a_copy_never_claims_more_than_can_be_known(opening: Opener, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv("TMUX", raising=False)
    session = ready_session()
    async with opening(session, "policies") as d:
        sent = clipboard(d, monkeypatch)
        await d.press("y")
        assert "Sent to the terminal, which does not tell whether it took it." in d.flat()
        assert "source-role.json" in d.flat()
        assert "opied" not in d.flat().replace("copied task", "")
        monkeypatch.setenv("TMUX", "/tmp/tmux")
        await d.press("y")
        assert "set-clipboard on" in d.flat()
        assert len(sent) == 2


async def test_saving_always_says_which_happened(opening: Opener, fake: FakeEngine, tmp_path: Path) -> None:
    session = ready_session()
    async with opening(session, "policies") as d:
        await d.press("s")
        assert "Saved to" in d.flat()
        place = kept(session, "source-role.json")
        text = place.read_text()
        assert place.stat().st_mode & 0o777 == 0o600
        await d.press("right", "left", "s")
        assert "already, with the same text" in d.flat()
        place.write_text("{}")
        await d.press("right", "left", "s")
        assert "in place of an older text" in d.flat()
        assert place.read_text() == text
        other = tmp_path / "mine.json"
        other.write_text("my own")
        await d.press("s")
        await d.write(str(other))
        await d.press("enter")
        assert "is there with another text" in d.text()
        assert other.read_text() == "my own"
        await d.press("enter")
        assert other.read_text() == text
        place.unlink()
        place.parent.rmdir()
        place.parent.write_text("a file where the folder should be")
        await d.press("right", "left", "s")
        assert "Saved to" not in d.flat()
        assert "This machine refused something: EEXIST." in d.flat()


async def test_the_diff_tells_in_words_and_lines_what_is_there(opening: Opener, fake: FakeEngine) -> None:
    session = ready_session()
    async with opening(session, "policies", (120, 40)) as d:
        document: dict[str, Any] = json.loads(page(d).text)
        document["Statement"][1]["Action"] = ["s3:GetObject", "s3:DeleteObject"]
        del document["Statement"][0]
        document["Statement"].append({"Sid": "Older", "Effect": "Allow", "Action": "s3:*", "Resource": "*"})
        fake.policies.attached["source-role"] = document
        fake.policies.covered = (("ListBundle", "the-admin-policy"),)
        await d.press("c")
        shown = d.flat()
        assert "+ ListBundle: not there, but allowed already by the-admin-policy" in shown
        assert "~ ReadOrders: 1 action less: s3:DeleteObject" in shown
        assert "= WriteBundle: there as it is here" in shown
        assert "- Older: there, and not in this document" in shown
        assert '- "s3:DeleteObject"' in " ".join(shown.split())
        await d.press("c")
        assert '"Sid": "ListBundle"' in d.text()
        await d.press("c", "escape")
        assert '"Sid": "ListBundle"' in d.text()


async def test_attaching_asks_first_names_role_and_account_and_is_checked(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "policies") as d:
        assert "↓ enter attach" in d.footer()
        await d.press("tab", "enter")
        box = " ".join(d.text().split())
        assert "role/service-role/mwaa-prod" in box.replace(" ", "").replace("│", "") or "mwaa-prod" in box
        assert "1111-2222-3333" in box
        await d.press("enter")  # the safe answer is the default
        assert fake.policies.applied_names == []
        await d.press("enter")
        await d.press("y")
        assert fake.policies.applied_names == ["source-role"]
        assert "IAM says that it counts." in d.flat()
        assert "3 allowed" in d.flat()
        assert "✔" in next(row for row in d.text().splitlines() if '"Sid": "ListBundle"' in row)
        await d.press("right")  # the target's role is not there yet
        assert "attach" not in d.footer()


async def test_what_the_wizard_put_there_is_taken_off_again(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "policies", (120, 40)) as d:
        assert "take off" not in d.footer()
        await d.press("u")  # nothing of ours is there
        assert "Take this policy off now?" not in d.text()
        await d.press("tab", "enter", "y")
        assert "u take off" in d.footer()
        await d.press("u")
        box = " ".join(d.text().split())
        assert "1111-2222-3333" in box
        assert "nothing else of the role is touched" in box.replace("│ │ ", "")
        await d.press("enter")  # the safe answer is the default
        assert fake.policies.applied_names == ["source-role"]
        await d.press("u", "y")
        assert fake.policies.applied_names == []
        assert "off mwaa-prod." in d.flat()
        assert "take off" not in d.footer()
        await d.press("k")
        assert "3 not allowed now" in d.flat()


async def test_access_analyzer_is_shown_at_the_statement_it_means(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "policies", (120, 40)) as d:
        fake.policies.attached["source-role"] = page(d).piece.policy.document
        fake.policies.analysis = Analysis((
            Finding("ReadOrders", "WARNING", "WIDE", "It could be narrower.", "Resource[1]"),
            Finding("WriteBundle", "ERROR", "INVALID_ACTION", "No such action.", "Action[0]"),
        ))  # fmt: skip
        await d.press("k")
        assert "✔ 3 allowed · Access Analyzer ! 2 · asked" in d.flat()
        rows = page(d).query_one(DocumentView).rows
        heads = {row.sid: row.content.plain[:5].strip(" 0123456789") for row in rows if row.head}
        assert heads == {"ListBundle": "✔", "ReadOrders": "!", "WriteBundle": "✘"}
        page(d).query_one(DocumentView).go_to("WriteBundle")
        await d.settled()
        assert "✘ Access Analyzer, error: No such action. (INVALID_ACTION" in d.flat()
        assert "(INVALID_ACTION, Action[0])" in d.flat(2)
        await d.press("h")
        assert "! Access Analyzer, warning: It could be narrower. (WIDE, Resource[1])" in d.flat()
        assert "Access Analyzer has 2 findings." in d.flat()


async def test_a_region_without_access_analyzer_hides_no_verdict(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "policies") as d:
        fake.policies.attached["source-role"] = page(d).piece.policy.document
        fake.policies.analysis = Analysis(note="Access Analyzer is not reached in us-gov-west-1.")
        await d.press("k")
        assert "✔ 3 allowed · Access Analyzer ? · asked" in d.flat()
        assert "not reached in us-gov-west-1" in d.flat()


async def test_pasted_by_somebody_check_again(opening: Opener, fake: FakeEngine) -> None:
    async with opening(ready_session(), "policies") as d:
        await d.press("k")
        assert "✘ 3 not allowed now · asked 03:12:00Z" in d.flat()
        fake.policies.attached["source-role"] = page(d).piece.policy.document
        fake.policies.denied["WriteBundle"] = "s3:PutObject"
        await d.press("k")
        assert "✔ 2 allowed ✘ 1 not allowed now" in d.flat()
        await d.press("h")
        assert "Not allowed now: s3:PutObject" in d.flat()


async def test_searching_jumps_marks_and_goes_round(opening: Opener) -> None:
    async with opening(ready_session(), "policies") as d:
        await d.press("slash")
        await d.write("Effect")
        await d.settled()
        view = page(d).query_one(DocumentView)
        first = view.highlighted
        assert first is not None
        assert "Effect" in view.rows[first].content.plain
        await d.press("enter")
        second = view.highlighted
        assert second is not None
        assert second != first
        await d.write("not in there")
        await d.settled()
        assert "Not found" in d.flat()
        await d.press("escape")
        assert d.page == "policies"
        assert d.app.focused is view


async def test_where_the_route_has_no_such_role_the_page_says_why(opening: Opener) -> None:
    session = ready_session(route="settings-only")
    async with opening(session, "policies", (120, 40)) as d:
        assert page(d).piece.name == "execution-role"
        assert "No document: Source role. Nothing is exported on this route." in d.flat(2)
        await d.press("right")
        assert page(d).piece.name == "secrets"
        assert "it stays" in d.flat(2)


async def test_only_what_works_is_offered_while_a_policy_is_not_ours_to_attach(opening: Opener) -> None:
    async with opening(ready_session(), "policies", (200, 60)) as d:
        assert "enter attach" in d.footer()
        assert "F3" not in d.footer()
        await d.press("right", "right", "right")
        assert page(d).piece.name == "bucket"
        assert "attach" not in d.footer()


@pytest.mark.parametrize("form", ["json", "cloudformation", "terraform"])
async def test_every_line_knows_its_statement_in_every_form(opening: Opener, form: Any) -> None:
    async with opening(ready_session(), "policies") as d:
        piece = page(d).piece
    lines = engine_policies.text(piece, form).splitlines()
    owned = policy_text.owners(lines)
    for statement in piece.policy.document["Statement"]:
        sid = statement["Sid"]
        mine = "\n".join(line for line, owner in zip(lines, owned, strict=True) if owner == sid)
        for action in statement["Action"]:
            assert action in mine
        for other in piece.policy.document["Statement"]:
            assert other["Sid"] == sid or other["Sid"] not in mine
    assert owned[0] == ""
    assert (owned[-1] == "") == (form != "cloudformation")  # YAML closes nothing


def test_rows_keep_every_character_of_the_text() -> None:
    text = '{\n  "Sid": "One",\n  "Resource": "' + "arn:aws:s3:::bucket/" + "x" * 200 + '"\n}\n'
    found = policy_text.rows(text, 60, {})
    assert all(width(row.content.plain) <= 60 for row in found)
    joined = "".join(row.content.plain[5:].strip() for row in found)
    assert joined == "".join(line.strip() for line in text.splitlines())
    assert [row.content.plain[:3] for row in found if row.content.plain[:3].strip()] == ["  1", "  2", "  3", "  4"]
