"""What tests of several rooms share: waiting, and the whole product as a process."""
