"""The commands ``indicators``, as a person uses them."""

from __future__ import annotations

import pytest

from shigotoba_backend.cli import main

pytestmark = [pytest.mark.integration, pytest.mark.usefixtures("small_site")]


def test_a_base_is_drafted_published_and_compared_with_on_the_command_line(conn, database, tmp_path, capsys):
    conn.execute(
        "INSERT INTO shigotoba.printing_hour (device_id, bucket, impressions_total) SELECT device_id, bucket, total"
        " FROM shigotoba.device, (VALUES ('2025-10-02 01:00Z'::timestamptz, 100), ('2026-10-02 01:00Z', 220))"
        " AS told (bucket, total) WHERE code = 'mfp-X001'"
    )
    conn.execute("UPDATE shigotoba.assignment SET during = '[2020-01-01,)'")
    settings = tmp_path / "backend.toml"
    settings.write_text(f'database = "{database}"\n[broker]\nhost = "127.0.0.1"\nport = 1\n', encoding="utf-8")

    def run(*words: str) -> tuple[int, str]:
        status = main(["indicators", words[0], "--settings", str(settings), *words[1:]])
        return status, "".join(capsys.readouterr())

    assert run("base-draft", "impressions", "site:honcho", "2025") == (
        0, "base year number 1 drafted: 1 of 12 months are known\n",
    )  # fmt: skip
    assert run("base-publish", "1", "--by", "sato")[0] == 0
    assert run("target", "impressions_change", "site:honcho", "2026", "-30", "--by", "sato")[0] == 0
    asked = ("value", "impressions_change", "site:honcho", "2026-10", "--basis", "same_month")
    assert "120.0 %, base FY2025 100 over 1 months" in run(*asked)[1]
    assert run("base-restate", "1", "--reason", "支所の分")[0] == 0
    assert run("base-publish", "1", "--by", "sato")[0] == 2
    assert run("base-draft", "impressions_change", "site:honcho", "2025")[0] == 2
    assert run("value", "impressions", "site:honcho", "26")[0] == 2
    actions = [row[0] for row in conn.execute("SELECT action FROM shigotoba.audit_log ORDER BY audit_id")]
    assert actions == ["base_year.draft", "base_year.publish", "target.set", "base_year.restate"]
