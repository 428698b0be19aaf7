"""Two verifiers that share no code agree: on sound bundles, and on a thousand corrupted ones.

`verify.py` runs as an inspector runs it (`python3 -I`), the script of `verify.html` in node here
and in a browser in test_verifiers_browser.py. Each mutation has its own seed; a failure names it.
"""

import ast
import base64
import hashlib
import random
import re
import subprocess
import sys
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import pytest

from domain.book import merkle, rotation
from domain.book.note import COSIGNATURE, Note, read_note
from services.audit import timestamps
from services.audit.bundle.contents import write_bundle
from services.audit.keys import SigningKey
from tests.books import make_book
from tests.services.audit import bundles
from tests.services.audit.authority import Authority
from tests.services.audit.bundles import Json, agreed, in_node, in_python, members_of, packed
from tests.services.audit.mutations import MUTATIONS, OTHER, Sound, flip_directory

CORRUPTED = 1015
BATCH = 145
SEED = 20260305


@pytest.fixture(scope="module")
def sound(tmp_path_factory: pytest.TempPathFactory) -> list[Sound]:
    """Sound bundles of several sizes, with no seal, one and two."""
    folder = tmp_path_factory.mktemp("sound")
    made = []
    for seed, (size, seals) in enumerate([(24, (20,)), (30, (12,)), (33, (16, 31))], 1):
        path = bundles.small_bundle(folder / f"{seed}.zip", seed, size, seals)
        (said,) = in_python([path])
        made.append(Sound.of(path, said["book_id"]))
    return made


def both(paths: list[Path]) -> list[tuple[Json, Json]]:
    """What each verifier says of each bundle; the two run side by side."""
    with ThreadPoolExecutor(2) as pool:
        python, node = pool.submit(in_python, paths), pool.submit(in_node, paths)
        return list(zip(python.result(), node.result(), strict=True))


def test_both_find_sound_bundles_sound(sound: list[Sound]) -> None:
    for python, node in both([one.path for one in sound]):
        assert agreed(python) == agreed(node)
        assert python["status"] == "sound"


def test_both_agree_on_a_thousand_corrupted_bundles(
    sound: list[Sound], tmp_path: Path, record_property: Callable[[str, object], None]
) -> None:
    """None is called sound, and the first event, every finding and the root are the same."""
    agreeing, wrong = 0, []
    for start in range(0, CORRUPTED, BATCH):
        seeds = range(start, min(start + BATCH, CORRUPTED))
        paths = [corrupted(sound, seed, tmp_path / f"{seed}.zip") for seed in seeds]
        for seed, (python, node) in zip(seeds, both(paths), strict=True):
            same = agreed(python) == agreed(node)
            agreeing += same
            if not same or python["status"] == "sound":
                name = MUTATIONS[seed % len(MUTATIONS)].__name__
                wrong.append((seed, name, agreed(python), agreed(node)))
        for path in paths:
            path.unlink()
    record_property("agreed", f"{agreeing} of {CORRUPTED}")
    assert not wrong, wrong[:3]


def corrupted(sound: list[Sound], seed: int, path: Path) -> Path:
    """The bundle of a seed; a mutation that happens to change nothing is tried again."""
    mutate = MUTATIONS[seed % len(MUTATIONS)]
    chance = random.Random(SEED + seed)
    while True:
        chosen = sound[(seed // len(MUTATIONS)) % len(sound)]
        mutate(chosen, chance, path)
        if mutate is flip_directory or path.read_bytes() != chosen.path.read_bytes():
            return path


def test_what_was_kept_outside_finds_a_rewritten_tail(sound: list[Sound], tmp_path: Path) -> None:
    """After the last seal only a root kept outside tells; it gives the interval."""
    one = sound[0]
    before = in_python([one.path])[0]
    lines = one.lines
    lines[-1]["body"] = lines[-1]["body"].replace('"actor":"test"', '"actor":"tess"')
    forged = whole(one, lines, tmp_path / "forged.zip")
    assert {said["status"] for said in (*in_python([forged]), *in_node([forged]))} == {"sound"}
    kept = f"{before['size']}:{before['root']}"
    (python,) = in_python([forged], "--kept", kept)
    (node,) = in_node([forged], kept=[{"size": before["size"], "root": before["root"]}])
    assert agreed(python) == agreed(node)
    assert python["first"] == {"position": one.sealed + 1, "upto": before["size"]}
    (longer,) = in_python([one.path], "--kept", f"{before['size'] + 5}:{'0' * 64}")
    assert longer["first"] == {"position": before["size"] + 1, "upto": before["size"] + 5}


def whole(one: Sound, lines: list[Json], path: Path) -> Path:
    lines, leaves = bundles.rehashed(one.book_id, lines)
    root = merkle.root(merkle.extend((), 0, leaves)).hex()
    chain = lines[-1]["chain"]
    return packed(path, bundles.with_lines(one.members, lines), root=root, chain=chain)


def test_keys_given_are_trusted_instead_of_those_that_came_along(sound: list[Sound]) -> None:
    path, own, other = sound[0].path, bundles.KEY.public.written(), OTHER.public.written()
    for key, status in ((own, "sound"), (other, "findings")):
        (python,), (node,) = in_python([path], "--key", key), in_node([path], keys=[key])
        assert agreed(python) == agreed(node)
        assert python["status"] == status
        assert not any("whose" in words for words in python["not_checked"])


def test_seals_without_any_key_are_undecidable(sound: list[Sound], tmp_path: Path) -> None:
    members = {name: c for name, c in sound[0].members.items() if not name.startswith("keys/")}
    path = packed(tmp_path / "keyless.zip", members)
    (python,), (node,) = in_python([path]), in_node([path])
    assert agreed(python) == agreed(node)
    assert python["status"] == "undecidable"


def test_a_replaced_key_is_followed_and_seals_no_more(tmp_path: Path) -> None:
    """The book says at event 30 that another key seals it; given the first key, both are known."""
    book_id = "00000000-0000-4000-8000-000000000007"
    events = make_book(7, 29)[:29]
    old, new = bundles.KEY, OTHER
    text = rotation.statement(book_id, old.public, new.public)
    replaced = rotation.SealKeyReplaced(
        old_key=old.public.written(),
        new_key=new.public.written(),
        statement=Note(text, (old.sign(text), new.sign(text))).written(),
    )
    book = bundles.MemoryBook([*events, replaced], book_id)
    leaves = [event.leaf for event in book.events()]
    write_bundle(book, tmp_path / "book.zip", [old.public])
    members = members_of(tmp_path / "book.zip")
    for last, status in ((new, "sound"), (old, "findings")):
        seals = {
            "seals/00000001.note": bundles.sealed(book_id, 29, leaves, old).encode(),
            "seals/00000002.note": bundles.sealed(book_id, 30, leaves, last).encode(),
        }
        path = packed(tmp_path / "replaced.zip", members | seals)
        key = old.public.written()
        (python,), (node,) = in_python([path], "--key", key), in_node([path], keys=[key])
        assert agreed(python) == agreed(node)
        assert python["status"] == status, python
    signed_once = members["records.jsonl"].replace(new.sign(text).line[3:].encode()[:-1], b"x" * 20)
    path = packed(tmp_path / "forged.zip", members | {"records.jsonl": signed_once})
    (python,), (node,) = in_python([path]), in_node([path])
    assert agreed(python) == agreed(node)
    assert ("seals", 30) in {(one["check"], one["position"]) for one in python["findings"]}


def test_a_cosignature_counts_when_its_key_is_given(sound: list[Sound], tmp_path: Path) -> None:
    one, witness = sound[0], SigningKey("witness", bytes(range(1, 33)), COSIGNATURE)
    name = next(name for name in one.members if name.startswith("seals/"))
    note = read_note(one.members[name].decode())
    keys = [bundles.KEY.public.written(), witness.public.written()]
    for text, status in ((note.text, "sound"), (note.text + "x\n", "findings")):
        cosigned = note.written() + witness.cosign(text, 1_790_000_000).line
        path = packed(tmp_path / "cosigned.zip", one.members | {name: cosigned.encode()})
        options = [word for key in keys for word in ("--key", key)]
        (python,), (node,) = in_python([path], *options), in_node([path], keys=keys)
        assert agreed(python) == agreed(node)
        assert python["status"] == status


def test_a_stamp_must_be_about_its_own_seal(sound: list[Sound], tmp_path: Path) -> None:
    """The answer of a real authority, about this seal and about another; who signed is not said."""
    one, authority = sound[2], Authority(tmp_path / "authority")
    first, second = [one.members[f"seals/{nth:08d}.note"].decode() for nth in (1, 2)]
    witness = SigningKey("witness", bytes(range(1, 33)), COSIGNATURE)
    cosigned = first + witness.cosign(read_note(first).text, 1_790_000_000).line
    token = authority.answer(timestamps.make_request(first).as_bytes())
    for note, status in ((first, "sound"), (cosigned, "sound"), (second, "findings")):
        members = {
            "seals/00000001.note": note.encode(),
            "timestamps/00000001-1.tst": token,
        }
        path = packed(tmp_path / "stamped.zip", one.members | members)
        (python,), (node,) = in_python([path]), in_node([path])
        assert agreed(python) == agreed(node)
        assert python["status"] == status
        assert any("openssl ts" in words for words in python["not_checked"])
        assert "stamps" in node["not_checked"]


def test_the_unpacked_folder_is_the_same_bundle(sound: list[Sound], tmp_path: Path) -> None:
    with zipfile.ZipFile(sound[0].path) as zipped:
        zipped.extractall(tmp_path / "bundle")
    assert agreed(in_python([tmp_path / "bundle"])[0]) == agreed(in_python([sound[0].path])[0])
    own = tmp_path / "bundle" / "verify.py"
    assert in_python([tmp_path / "bundle"], script=own)[0]["status"] == "sound"
    records = tmp_path / "bundle" / "records.jsonl"
    records.write_bytes(records.read_bytes().replace(b"Paris", b"Liege", 1))
    assert in_python([tmp_path / "bundle"])[0]["first"] == {"position": 1, "upto": None}


def test_exit_codes(sound: list[Sound], tmp_path: Path) -> None:
    forged = packed(tmp_path / "forged.zip", sound[0].members, root="00" * 32)
    (tmp_path / "no.zip").write_bytes(b"no bundle")
    script = str(bundles.CARRIED / "verify.py")

    def code(*arguments: str) -> int:
        command = [sys.executable, "-I", script, *arguments]
        return subprocess.run(command, capture_output=True, check=False).returncode

    assert code(str(sound[0].path)) == 0
    assert code(str(forged)) == 1
    assert code() == code(str(forged), "--kept", "12") == code(str(forged), "--key", "k") == 2
    assert code(str(tmp_path / "no.zip")) == code(str(tmp_path / "nowhere.zip")) == 3
    assert code(str(tmp_path / "no.zip"), str(forged)) == 1


def test_a_bundle_of_very_many_members_is_read(sound: list[Sound], tmp_path: Path) -> None:
    """Past 65,535 members a ZIP is a ZIP64."""
    many = {f"extra/{nth}": b"" for nth in range(65_540)}
    path = packed(tmp_path / "many.zip", sound[0].members | many)
    for said in (*in_python([path]), *in_node([path])):
        assert said["status"] == "sound", said.get("why")


def test_verify_py_needs_only_the_standard_library_of_python_3_9(sound: list[Sound]) -> None:
    source = (bundles.CARRIED / "verify.py").read_text("utf-8")
    tree = ast.parse(source, feature_version=(3, 9))
    imported = {
        (node.module or "") if isinstance(node, ast.ImportFrom) else alias.name
        for node in ast.walk(tree)
        if isinstance(node, ast.Import | ast.ImportFrom)
        for alias in node.names
    }
    assert {name.split(".")[0] for name in imported} <= sys.stdlib_module_names
    python = bundles.python_39()
    if python is None:
        pytest.skip("no Python 3.9 on this machine: only the syntax was checked")
    (old,) = in_python([sound[0].path], python=python)
    assert agreed(old) == agreed(in_python([sound[0].path])[0])


def test_the_page_may_run_its_own_script_and_nothing_else() -> None:
    """Its policy names the hashes of its script and style; after a change they are these."""
    page = (bundles.CARRIED / "verify.html").read_text("utf-8")
    for tag in ("script", "style"):
        inner = re.search(f"<{tag}>(.*?)</{tag}>", page, re.DOTALL)
        assert inner is not None
        digest = base64.b64encode(hashlib.sha256(inner[1].encode()).digest()).decode()
        assert f"{tag}-src 'sha256-{digest}'" in page
    assert "default-src 'none'" in page
    assert not re.search(r"https?://|fetch\(|XMLHttpRequest|innerHTML|eval\(|import\(", page)
