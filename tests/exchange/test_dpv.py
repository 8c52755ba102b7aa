"""What goes out as DPV is linked data in terms that exist, in the shape we demand, and survives a reader."""

from __future__ import annotations

import json

import pytest
from pyshacl import validate
from rdflib import RDF, Graph, Literal, Namespace, URIRef
from rdflib.compare import isomorphic

from lofte.policy.document import Policy
from lofte.policy.exchange.dpv import SHAPES, dpv
from lofte.policy.exchange.dpv_terms import MEASURES, NEAREST, PREFIXES, TERMS, TOOLS, iri, nearest

DPV = Namespace(PREFIXES["dpv"])
GDPR = Namespace(PREFIXES["eu-gdpr"])
OURS = {iri(term) for term in TERMS}


@pytest.fixture(scope="module")
def shapes() -> Graph:
    return Graph().parse(data=SHAPES, format="turtle")


def graph(policy: Policy, language: str) -> Graph:
    return Graph().parse(data=json.dumps(dpv(policy, language).document), format="json-ld")


def conforms(found: Graph, shapes: Graph) -> bool:
    return bool(validate(found, shacl_graph=shapes)[0])


def test_every_company_has_the_shape_we_demand(any_company, language, shapes):
    assert conforms(graph(any_company.policy, language), shapes)


def test_every_term_is_one_that_is_pinned(any_company, language):
    used = {str(node) for triple in graph(any_company.policy, language) for node in triple}
    vocabulary = {term for term in used if term.startswith("https://w3id.org/dpv")}
    assert vocabulary and vocabulary <= OURS


def test_what_is_pinned_for_others_is_pinned_itself():
    assert {*NEAREST.values(), *MEASURES.values(), *TOOLS.values()} <= TERMS
    assert not set(NEAREST) & TERMS


def test_it_says_the_same_after_a_reader_has_written_it_anew(any_company):
    found = graph(any_company.policy, "sv")
    for form in ("turtle", "json-ld"):
        again = Graph().parse(data=found.serialize(format=form), format=form)
        assert isomorphic(found, again)


def test_nothing_has_to_be_fetched_to_read_it(guides):
    assert isinstance(dpv(guides.policy, "sv").document["@context"], dict)


def test_each_purpose_is_a_process_with_its_own_basis(any_company):
    policy, found = any_company.policy, graph(any_company.policy, "en")
    processes = set(found.subjects(RDF.type, DPV.Process))
    assert len(processes) == len(policy.purposes)
    for id_, purpose in policy.purposes.items():
        process = URIRef(f"urn:lofte:{policy.meta.id}:purpose:{id_}")
        (basis,) = found.objects(process, DPV.hasLegalBasis)
        if purpose.legal_basis != "MFL-19-2":
            assert (basis, RDF.type, GDPR[f"A{purpose.legal_basis.replace('.', '-')}"]) in found
        assert len(set(found.objects(process, DPV.hasPersonalData))) == len(purpose.categories)


@pytest.mark.parametrize(
    "predicate", ["hasLegalBasis", "hasPersonalData", "hasStorageCondition", "hasPurpose"]
)
def test_a_process_that_lacks_something_breaks_the_shape(guides, shapes, predicate):
    found = graph(guides.policy, "sv")
    process = URIRef("urn:lofte:stigvis-integritet:purpose:bookings")
    found.remove((process, DPV[predicate], None))
    assert not conforms(found, shapes)


def test_a_recipient_abroad_without_a_tool_breaks_the_shape(webhost, shapes):
    found = graph(webhost.policy, "sv")
    (abroad,) = set(found.subjects(DPV.hasThirdCountry, Literal("US")))
    found.remove((abroad, DPV.hasLegalBasis, None))
    assert not conforms(found, shapes)


def test_a_word_that_the_vocabulary_lacks_is_told_by_a_wider_one(guides):
    made = dpv(guides.policy, "en")
    told = {(note.ours, note.theirs) for note in made.notes}
    assert ("pd:NationalIdentificationNumber", "pd:OfficialID") in told
    (notice,) = [n for n in made.document["@graph"] if n["@type"] == "dpv:PrivacyNotice"]
    assert len(notice["lofte:wider"]) == len(made.notes)


def test_an_unknown_word_becomes_its_parent():
    assert nearest("pd:ShoeSize", "pd", "dpv:PersonalData") == ("dpv:PersonalData", False)
    assert nearest("Name", "pd", "dpv:PersonalData") == ("pd:Name", True)
    assert nearest(None, "pd", "dpv:PersonalData") == ("dpv:PersonalData", True)
