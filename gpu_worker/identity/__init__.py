"""Whose face it is and how good the photos of it are; this page is what others call."""

from gpu_worker.identity.analysis import PhotoAnalysis, analyse_files, analyse_photo
from gpu_worker.identity.embedding import cosine, embed_face, score_identity
from gpu_worker.identity.faces import Face, find_faces
from gpu_worker.identity.quality import Measures, Scores
from gpu_worker.identity.sets import SetAnalysis, analyse_set

__all__ = [
    "Face",
    "Measures",
    "PhotoAnalysis",
    "Scores",
    "SetAnalysis",
    "analyse_files",
    "analyse_photo",
    "analyse_set",
    "cosine",
    "embed_face",
    "find_faces",
    "score_identity",
]
