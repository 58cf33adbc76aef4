"""What the tests share: loops, a virtual clock, the sandbox as a child process, and guards against what leaks."""
