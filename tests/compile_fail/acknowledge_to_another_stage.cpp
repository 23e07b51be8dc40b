// SPDX-License-Identifier: MIT
// expect: no stage of this name waits for acknowledgements
#include <millrace.hpp>

#include "cases.hpp"

void go() {
  mr::runner run{mr::from<order>() | mr::tap<"log">(see, mr::manual_ack) | mr::tap<"see">(see)};
  run.acknowledge<WRONG("see") RIGHT("log")>(1);
}
