"""What staff do to one booking: which acts are open to whom, and the forms that ask for more."""
