"""What C code prints meanwhile goes to the standard error, and only meanwhile."""

import ctypes
import threading

from matching.quiet import to_stderr


def say(words):
    library = ctypes.CDLL(None)
    library.printf(words.encode())
    library.fflush(None)


def test_words_of_c_code_go_to_the_standard_error(capfd):
    with to_stderr():
        say("inside ")
    say("after ")
    out, err = capfd.readouterr()
    assert (out, err) == ("after ", "inside ")


def test_two_solves_at_once_do_not_undo_each_other(capfd):
    opened, close = threading.Event(), threading.Event()

    def hold():
        with to_stderr():
            opened.set()
            close.wait(10)

    other = threading.Thread(target=hold)
    with to_stderr():
        other.start()
        opened.wait(10)
    say("inside ")
    close.set()
    other.join()
    say("after ")
    out, err = capfd.readouterr()
    assert (out, err) == ("after ", "inside ")
