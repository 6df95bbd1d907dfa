"""What doors show of loyalty: the programme, a member's statement, love and money."""
