"""The report for the One Stop Shop: by state, nature and rate, corrections apart."""

from datetime import date

import pytest

from domain.book.refusal import Refusals
from services.oss import OssLine, PeriodIsNoQuarter, see_oss
from tests.services.vat.conftest import VatDesk

OSS = {"vat_code": "OSS"}


def lines(desk: VatDesk, quarter: str) -> tuple[OssLine, ...]:
    with desk.reading() as conn:
        return see_oss(conn, desk.book, quarter).lines


def said(desk: VatDesk, quarter: str) -> list[tuple[object, ...]]:
    """Kind, quarter, state, nature, rate with its type, documents, base and tax."""
    return [
        (o.kind, o.period, o.country, o.nature, o.rate_type, o.rate, o.documents, o.base, o.tax)
        for o in lines(desk, quarter)
    ]


@pytest.mark.feature("V25")
def test_sales_abroad_are_declared_by_state_nature_and_rate(desk: VatDesk) -> None:
    german = desk.someone("DE", "", nature="private")
    french = desk.someone("FR", "", nature="private")
    day = date(2026, 4, 10)
    sale = desk.sold(day, 10_000, to=german, vat_rate="19", nature="goods", **OSS)
    desk.sold(day, 5_055, to=german, vat_rate="19", nature="goods", **OSS)
    desk.sold(day, 3_000, to=german, vat_rate="7", nature="goods", **OSS)
    desk.sold(date(2026, 6, 30), 2_000, to=french, vat_rate="20", nature="goods", **OSS)
    desk.sold(date(2026, 7, 1), 7_000, to=french, vat_rate="20", nature="goods", **OSS)
    desk.sold(date(2026, 7, 2), 99_900)
    spring = [
        ("supply", "2026-Q2", "DE", "goods", "standard", "19", 2, 15_055, 2_860),
        ("supply", "2026-Q2", "DE", "goods", "reduced", "7", 1, 3_000, 210),
        ("supply", "2026-Q2", "FR", "goods", "standard", "20", 1, 2_000, 400),
    ]
    assert said(desk, "2026-Q2") == spring
    desk.credited(date(2026, 8, 1), sale)
    assert said(desk, "2026-Q2") == spring
    assert said(desk, "2026-Q3") == [
        ("correction", "2026-Q2", "DE", "goods", "standard", "19", 1, -10_000, -1_900),
        ("supply", "2026-Q3", "FR", "goods", "standard", "20", 1, 7_000, 1_400),
    ]


def test_the_report_is_due_a_month_after_its_quarter(desk: VatDesk) -> None:
    with desk.reading() as conn:
        assert see_oss(conn, desk.book, "2026-Q4").due_on == date(2027, 1, 31)
        for text in ("2026-07", "2026-Q5", "Q3"):
            with pytest.raises(Refusals) as refusal:
                see_oss(conn, desk.book, text)
            found = isinstance(refusal.value.refused, PeriodIsNoQuarter)
            assert found == (text == "2026-07")
