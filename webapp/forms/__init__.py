"""Forms, a module per screen: what a person may type, and the sentence for each mistake."""
