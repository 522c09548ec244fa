"""Who goes where for a whole list, within real openings; and what an opening is worth until the next plan."""
