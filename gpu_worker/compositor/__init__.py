"""Pictures made from a person's own pixels on rendered scenes, so that identity is kept by construction.

Nothing is imported here: `looks` is plain data that the web process reads too; the rest loads numpy and cv2.
"""
