"""Would it have worked? What was chosen or predicted on the past, judged by what came after."""
