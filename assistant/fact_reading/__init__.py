"""Reading what an enterprise tells of itself out of a Chinese sentence."""
