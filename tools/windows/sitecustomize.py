"""Of the Windows bundle: a macro that fails before our code is reached says one readable sentence."""

import tong_hop

tong_hop.listen()
