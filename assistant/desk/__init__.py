"""What staff do: take files in, see what was read, correct, accept, index, retire."""
