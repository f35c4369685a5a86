"""What customs look at more carefully, and why: indicators, score, channel, random draw, hit rates."""
