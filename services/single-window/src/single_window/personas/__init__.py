"""The seats that nobody sits on: who plays them, what they do, and when."""
