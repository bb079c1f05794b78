"""What finished runs cost, save and are worth: quantities of a run times prices."""
