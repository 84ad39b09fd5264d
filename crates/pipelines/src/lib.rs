//! Nothing: the tests beside it chain the binaries, each file one thing a user would try.
