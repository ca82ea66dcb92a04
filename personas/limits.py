"""How many photos make a persona, and how large its portraits are."""

MIN_PHOTOS = 5
MAX_PHOTOS = 20
MIN_USABLE = 3  # fewer good photos of one face say too little about it
PORTRAIT_WIDTH = 1024  # pixels
PORTRAIT_HEIGHT = 1280
THRESHOLD_LOWEST = 0.5
THRESHOLD_HIGHEST = 0.95
