"""Finding faces, embedding them and telling persons apart, on the sample photos."""

import os
import subprocess
import sys
import threading
from pathlib import Path

import numpy as np
import pytest

from gpu_worker.identity import models
from gpu_worker.identity.embedding import SAME_PERSON, cosine, embed_face, score_identity
from gpu_worker.identity.faces import Face, count_people, find_faces
from gpu_worker.pictures import encode_jpeg, fit_within, read_picture

PHOTOS = Path(__file__).resolve().parents[2] / "demo" / "photos"
GOOD = sorted(PHOTOS.glob("0[1-8]*.jpg"))
OTHER_FACES = os.environ.get("INFLIO_TEST_FACES")


@pytest.fixture(scope="module")
def front() -> np.ndarray:
    return read_picture(PHOTOS / "01_front.jpg")


@pytest.fixture(scope="module")
def embeddings() -> list[np.ndarray]:
    return [embed_face(rgb, find_faces(rgb)[0]) for rgb in map(read_picture, GOOD)]


def make_face(width: float, score: float = 0.9) -> Face:
    return Face((0, 0, width, width * 1.2), np.zeros((5, 2), np.float32), score)


def test_find_faces_places_box_and_landmarks_in_full_size_pixels(front):
    (face,) = find_faces(front)
    x, y, width, height = face.box
    assert 420 < x < 470
    assert 200 < width < 250
    assert width < height
    right_eye, left_eye, nose, right_mouth, left_mouth = face.landmarks
    assert right_eye[0] < nose[0] < left_eye[0]
    assert right_mouth[0] < left_mouth[0]
    assert right_eye[1] < nose[1] < right_mouth[1]
    assert (face.landmarks > (x, y)).all()
    assert (face.landmarks < (x + width, y + height)).all()


def test_find_faces_scales_with_the_picture(front):
    (large,) = find_faces(front)
    (small,) = find_faces(fit_within(front, 640))
    assert np.allclose(np.array(small.box) * 2, large.box, atol=8)


def test_find_faces_in_a_picture_without_one():
    assert find_faces(np.full((300, 400, 3), 128, np.uint8)) == []


def test_find_faces_puts_the_largest_first(front):
    half = np.zeros_like(front)
    half[:640, :640] = fit_within(front, 640)
    faces = find_faces(np.hstack([half, front]))
    assert len(faces) == 2
    assert faces[0].box[0] > 1280


@pytest.mark.parametrize(
    ("faces", "people"),
    [
        ([], 0),
        ([make_face(200)], 1),
        ([make_face(200), make_face(180)], 2),
        ([make_face(200), make_face(60)], 1),
        ([make_face(200), make_face(180, score=0.65)], 1),
    ],
)
def test_count_people_leaves_out_the_background(faces, people):
    assert count_people(faces) == people


def test_embed_face_is_a_unit_vector(embeddings):
    assert embeddings[0].shape == (128,)
    assert embeddings[0].dtype == np.float32
    assert np.linalg.norm(embeddings[0]) == pytest.approx(1, abs=1e-5)


def test_embeddings_of_one_person_agree_over_tilt_light_and_crop(embeddings):
    assert min(cosine(one, other) for one in embeddings for other in embeddings) > 0.9


@pytest.mark.parametrize("side", [400, 640, 1000])
def test_embedding_survives_resizing_and_compression(front, embeddings, side):
    worse = read_picture(encode_jpeg(fit_within(front, side), quality=50))
    assert score_identity(worse, embeddings[:6]) > 0.9


def test_score_identity_of_the_same_person_is_high_and_of_a_stranger_low(front, embeddings):
    stranger = np.random.default_rng(3).normal(size=128).astype(np.float32)
    assert score_identity(front, embeddings[1:7]) > 0.95
    assert score_identity(front, [stranger]) < SAME_PERSON


def test_score_identity_hardly_moves_for_one_odd_reference(front, embeddings):
    stranger = np.random.default_rng(3).normal(size=128).astype(np.float32)
    stranger /= np.linalg.norm(stranger)
    assert score_identity(front, [*embeddings[1:6], stranger]) > 0.9


def test_score_identity_without_a_face_or_without_references(embeddings):
    assert score_identity(np.zeros((200, 200, 3), np.uint8), embeddings) is None
    with pytest.raises(ValueError, match="at least one"):
        score_identity(np.zeros((200, 200, 3), np.uint8), [])


def test_networks_are_lent_to_one_thread_at_a_time_and_used_again(front):
    small, found, together = fit_within(front, 320), [], threading.Barrier(3)

    def work() -> None:
        with models.borrow_models() as lent:
            together.wait(timeout=10)
            found.append(lent)
        found.append(find_faces(small)[0].box)

    threads = [threading.Thread(target=work) for _ in range(3)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)
    lent = [entry for entry in found if isinstance(entry, models.FaceModels)]
    assert len({id(pair) for pair in lent}) == 3
    assert len({entry for entry in found if isinstance(entry, tuple)}) == 1
    with models.borrow_models() as again:
        assert id(again) in {id(pair) for pair in lent}


FORK = """
import os, sys
from gpu_worker.identity import find_faces, models
from gpu_worker.pictures import read_picture
rgb = read_picture(sys.argv[1], 320)
find_faces(rgb)
before = len(models._idle)
if os.fork() == 0:
    sys.stdout.write(f"{before} {len(models._idle)} {len(find_faces(rgb))}")
    sys.stdout.flush()
    os._exit(0)
os.wait()
"""


def test_forked_process_loads_its_own_networks():
    # Newer Pythons warn of any fork after threads were started; workers do fork, so here it is on purpose.
    command = [sys.executable, "-W", "ignore", "-c", FORK, str(GOOD[0])]
    run = subprocess.run(command, cwd=PHOTOS.parents[1], capture_output=True, text=True, timeout=60, check=True)
    assert run.stdout == "1 0 1"


@pytest.mark.skipif(not OTHER_FACES, reason="INFLIO_TEST_FACES names no folder with pictures of other people")
def test_other_people_do_not_score_as_the_sample_person(embeddings):
    scores = []
    for path in sorted(Path(OTHER_FACES).iterdir()):
        rgb = read_picture(path)
        scores += [cosine(embed_face(rgb, face), np.mean(embeddings, axis=0)) for face in find_faces(rgb)]
    assert scores
    assert max(scores) < SAME_PERSON
