"""Two records in JSON: one story; many lines: a story each, whatever else is among them."""

import json

import pytest

from contactpoint.cli import matching
from contactpoint.domain.errors import InvalidInput
from contactpoint.linking import default_model
from contactpoint.linking.tool.explaining import explain_lines, record_of, story_of

MODEL = default_model()
ADA = {"forename": "Xanthe", "surname": "Wolstenholme", "date_of_birth": "2015-03-04", "postcode": "M1 1AB"}
TWIN = {**ADA, "forename": "Bertram"}
UNSURE = {"forename": "Xanthe", "surname": "Wolstenholme"}


@pytest.mark.parametrize(
    ("other", "decision"),
    [(ADA, "same"), ({**ADA, "forename": "Bertram", "sex": "M"}, "different"), (UNSURE, "same")],
)
def test_the_decision_and_the_bits_that_add_up_to_it(other, decision):
    told = story_of(ADA, other, MODEL)
    assert told["decision"] == decision
    added = told["prior"] + sum(line["bits"] for line in told["comparisons"]) + told["rest"]
    assert added == pytest.approx(told["weight"], abs=1e-4)
    assert 0 <= told["probability"] <= 1


def test_lines_go_on_after_one_that_is_wrong():
    lines = [
        json.dumps({"id": "x", "a": ADA, "b": ADA}),
        "",
        "{",
        json.dumps({"id": 9, "a": {"first_name": "Ada"}, "b": {}}),
        json.dumps({"a": {**ADA, "date_of_birth": "2015-99-99"}, "b": ADA}),
    ]
    told = list(explain_lines(lines, MODEL))
    assert [one["id"] for one in told] == ["x", 3, 9, 5]
    assert told[0]["decision"] == "same"
    assert "not JSON" in told[1]["error"]
    assert "'first_name' is probably forename" in told[2]["error"]
    assert told[3]["left_out"][0]["field"] == "date_of_birth"


@pytest.mark.parametrize("body", [[], "x", {"forename": ["a"]}, {"surname": {}}])
def test_what_is_no_record_is_refused(body):
    with pytest.raises(InvalidInput):
        record_of(body)


def test_numbers_and_truth_values_are_read_as_text():
    record, wrong = record_of(
        {"nhs_number": 9000000009.0, "multiple_birth": True, "upn": None, "sex": "female"}
    )
    assert (record["nhs_number"], record["multiple_birth"], record["upn"], record["sex"]) == (
        "9000000009",
        "Y",
        None,
        "F",
    )
    assert wrong == []


def test_evaluate_prints_what_links_are_worth(tmp_path, capsys):
    links, truth = tmp_path / "clusters.csv", tmp_path / "truth.csv"
    links.write_text("source,local_id,cluster\na,1,1\na,2,1\nb,1,2\nb,2,3\n")
    truth.write_text(
        "source,local_id,person,family,tradition,region\na,1,p,f,welsh,north\na,2,q,f,welsh,north\n"
        "b,1,p,f,welsh,north\nb,2,r,g,english,south\n"
    )
    matching.evaluate_links(links, truth, as_json=True)
    told = json.loads(capsys.readouterr().out)
    assert told["pairs"]["precision"] == told["pairs"]["recall"] == told["pairs"]["f1"] == 0.0
    assert told["clusters"] == {"precision": 1 / 3, "recall": 1 / 3, "f1": 1 / 3, "right": 1, "proposed": 3}
    assert told["false_merges_per_million"]["sibling"] == pytest.approx(2 / 3 * 1e6)
    assert told["people_split"] == {"people": 1, "share": 1.0, "of": 1}
    assert told["recall_by_tradition"]["welsh"]["pairs"] == 1
    assert told["recall_by_region"]["north"]["recall"] == 0.0
    assert told["recall_by_deprivation"] == told["false_merges_by_deprivation"] == {}
    assert told["false_merges_by_region"]["north"]["per_million"] == 1e6
    assert told["false_merges_by_region"]["south"] == {
        "per_million": 0.0,
        "interval": pytest.approx([0.0, 793_450], abs=1),
        "people": 1,
    }
    assert told["largest_gap_in_false_merges"]["region"]["gap"] == 1.0


def test_evaluate_says_in_words_and_on_a_page_for_whom_links_are_worth_least(tmp_path, capsys):
    links, truth = tmp_path / "clusters.csv", tmp_path / "truth.csv"
    links.write_text("source,local_id,cluster\na,1,1\na,2,2\nb,1,1\nb,2,3\nb,3,3\n")
    truth.write_text(
        "source,local_id,person,family,tradition,deprivation\na,1,p,f,welsh,1\na,2,q,g,<b>polish,5\n"
        "b,1,p,f,welsh,1\nb,2,q,g,<b>polish,5\nb,3,r,h,welsh,1\n"
    )
    matching.evaluate_links(links, truth, report=tmp_path / "worth.html", as_json=False)
    said = capsys.readouterr().out
    assert "largest gap in recall by name tradition: 100.00 points (" in said
    assert "<b>polish 0.0000 and welsh 1.0000" in said
    assert "largest gap in false merges by deprivation: 500000 per million (" in said
    assert "recall, deprivation 5: 0.0000 (0.0000 to 0.7935); 1 pairs" in said
    html = (tmp_path / "worth.html").read_text()
    assert "For whom: deprivation" in html
    assert "&lt;b&gt;polish" in html
    assert "<b>" not in html
    assert "http" not in html.replace("http://www.w3.org/2000/svg", "").replace("http-equiv", "")


def test_evaluate_refuses_files_of_different_people(tmp_path):
    links, truth = tmp_path / "c.csv", tmp_path / "t.csv"
    links.write_text("source,local_id,cluster\na,1,1\n")
    truth.write_text("source,local_id,person\nb,1,1\n")
    with pytest.raises(InvalidInput, match="no record in common"):
        matching.evaluate_links(links, truth, as_json=True)
