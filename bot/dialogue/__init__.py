"""What the helpline says to a person, and when: pure, one module per topic.

`step.step` takes a state and an event and gives the next state and the effects. No I/O, no clock, no chance.
"""
