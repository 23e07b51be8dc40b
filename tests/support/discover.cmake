# SPDX-License-Identifier: MIT
# cmake -D PROGRAM=... -D LIST=... -D PREFIX=... -D EXTRA=... -D EMULATOR=... -D INTO=... -P discover.cmake
# Writes the test cases of a test program as tests. Not catch_discover_tests: that of version 2 splits names at semicolons, and
# takes a program that crashes while it lists for one without tests.
execute_process(COMMAND ${EMULATOR} ${PROGRAM} ${LIST} OUTPUT_VARIABLE names ERROR_VARIABLE errors RESULT_VARIABLE result)
if(names STREQUAL "" OR NOT result MATCHES "^[0-9]+$")  # version 2 returns how many there are
  message(FATAL_ERROR "${PROGRAM} does not list its test cases: ${result}\n${names}${errors}")
endif()

set(script "")
set(command "")
foreach(word IN LISTS EMULATOR PROGRAM)
  string(APPEND command "[==[${word}]==] ")
endforeach()
while(names MATCHES "^([^\n]*)\n(.*)$")  # not a list: names may hold what separates its items
  set(name "${CMAKE_MATCH_1}")
  set(names "${CMAKE_MATCH_2}")
  string(STRIP "${name}" name)
  string(REGEX REPLACE "([],\\[])" "\\\\\\1" filter "${name}")
  set(test "[==[${PREFIX}.${name}]==]")
  string(APPEND script "add_test(${test} ${command}[==[${filter}]==] ${EXTRA})\n"
                       "set_tests_properties(${test} PROPERTIES LABELS ${PREFIX} TIMEOUT 300)\n")
endwhile()
file(WRITE ${INTO} "${script}")
