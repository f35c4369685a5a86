"""What a caller may ask of the State of export: one function per act, one transaction each."""
