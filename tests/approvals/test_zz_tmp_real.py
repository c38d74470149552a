from tests.approvals.conftest import *
from skillshare.letters import actions as letters
def test_real(case):
    from skillshare.approvals import signing
    from skillshare.ground.extensions import db
    case.approve(); signing.sign(case.letter(), actor=case.people.farid, at=case.at); db.session.commit()
    open('/tmp/o_real.pdf','wb').write(case.letter().pdf)
