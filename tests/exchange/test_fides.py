"""What goes out as Fideslang is read by its own reader, and uses no word that it does not have."""

from __future__ import annotations

import json
import subprocess
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from lofte.datamap.exchange import fides_terms as terms
from lofte.datamap.exchange.fides import fides
from tests.exchange.conftest import COMPANIES, NAMES

PYTHON = Path(__file__).parents[2] / ".venv" / "fides" / "bin" / "python"
READER = """
import json, sys, yaml
from fideslang.default_taxonomy import DEFAULT_TAXONOMY as known
from fideslang.parse import load_manifests_into_taxonomy
found = {"words": [sorted(each.fides_key for each in part)
                   for part in (known.data_category, known.data_use, known.data_subject)]}
for file in sys.argv[1:]:
    read = load_manifests_into_taxonomy(yaml.safe_load(open(file, encoding="utf-8")))
    found[file] = {
        "fields": sum(len(c.fields) for d in read.dataset for c in d.collections),
        "declared": [d.model_dump(mode="json") for s in read.system for d in s.privacy_declarations],
        "categories": sorted({c for d in read.dataset for x in d.collections for f in x.fields
                              for c in f.data_categories or []}),
        "rules": sum(len(p.rules) for p in read.policy),
    }
json.dump(found, sys.stdout)
"""


@pytest.fixture(scope="module")
def loaded(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Any]:
    """Every export, as Fideslang's own reader has read it; one run for all."""
    assert PYTHON.exists(), "the reader of Fideslang is not there; run `make .venv/fides.stamp`"
    folder = tmp_path_factory.mktemp("fides")
    files = {}
    for name in NAMES:
        for language in ("sv", "en"):
            file = folder / f"{name}-{language}.yml"
            file.write_text(fides(COMPANIES[name].policy, COMPANIES[name].datamap, language).text, "utf-8")
            files[str(file)] = f"{name}-{language}"
    run = subprocess.run([str(PYTHON), "-c", READER, *files], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stderr[-2000:]
    found = json.loads(run.stdout)
    return {"words": found["words"]} | {short: found[file] for file, short in files.items()}


def test_its_own_reader_takes_every_company(loaded, any_company, language):
    found = loaded[f"{any_company.name}-{language}"]
    columns = {
        (system.id, dataset.table or id_, column)
        for system in any_company.datamap.systems
        for id_, dataset in system.datasets.items()
        for column in dataset.fields
    }
    assert found["fields"] == len(columns)
    assert found["rules"] > 0 and found["declared"]


def test_no_word_is_used_that_fideslang_has_not(loaded, any_company):
    categories, uses, subjects = (set(part) for part in loaded["words"])
    found = loaded[f"{any_company.name}-en"]
    assert set(found["categories"]) <= categories
    for each in found["declared"]:
        assert set(each["data_categories"]) <= categories
        assert each["data_use"] in uses and set(each["data_subjects"]) <= subjects


def test_our_tables_of_words_are_fideslangs_own(loaded):
    categories, uses, subjects = (set(part) for part in loaded["words"])
    assert categories == terms.CATEGORIES and set(terms.USE_OF.values()) <= uses
    assert set(terms.SUBJECT_OF.values()) <= subjects


def test_every_kind_of_data_of_every_company_has_its_word(any_company):
    notes = fides(any_company.policy, any_company.datamap, "en").notes
    assert not [note for note in notes if note.path.startswith(("categories", "subjects"))]


def test_every_purpose_is_declared_with_basis_and_time(any_company):
    made = fides(any_company.policy, any_company.datamap, "en").document
    declared = {d["name"]: d for s in made["system"] for d in s["privacy_declarations"]}
    for id_, purpose in any_company.policy.purposes.items():
        name = purpose.name.say("en") if purpose.name else id_
        if name in declared:
            assert declared[name]["legal_basis_for_processing"] == terms.BASES[purpose.legal_basis]
            assert declared[name]["retention_period"]


def test_what_has_no_word_is_told_by_its_parent(guides):
    made = fides(guides.policy, guides.datamap, "en")
    assert [(n.path, n.theirs) for n in made.notes] == [("purposes.publish", "essential.service")]
    assert "# wider: purposes.publish" in made.text


def test_the_text_says_the_same_as_the_data(any_company, language):
    made = fides(any_company.policy, any_company.datamap, language)
    assert YAML(typ="safe").load(made.text) == made.document
    assert "lofte export" in made.text.split("\n")[0]


def test_a_reference_leads_to_a_column_that_is_there(any_company):
    (dataset,) = fides(any_company.policy, any_company.datamap, "en").document["dataset"]
    columns = {f"{c['name']}.{f['name']}" for c in dataset["collections"] for f in c["fields"]}
    told = [
        reference["field"]
        for collection in dataset["collections"]
        for field in collection["fields"]
        for reference in field.get("fides_meta", {}).get("references", [])
    ]
    assert told and set(told) <= columns
