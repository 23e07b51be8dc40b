# SPDX-License-Identifier: MIT
# One case with one compiler: the sentence must not compile, the first error line must hold every expected fragment, there must
# be one error and no more; its corrected twin must compile without a warning.
#
#   cmake -D CASE=file.cpp -D COMPILER=g++ -D KIND=gcc|clang [-D STANDARD=20] [-D INCLUDES=dir,dir] [-D PRECOMPILED=dir] -P check.cmake
#
# Without CASE it precompiles into the folder PRECOMPILED what all cases include.
cmake_minimum_required(VERSION 3.25)

set(ENV{LC_ALL} C)  # gcc translates its messages and its quotes
if(NOT STANDARD)
  set(STANDARD 20)
endif()
set(compile ${COMPILER} -std=c++${STANDARD} -Wall -Wextra -Wpedantic -Wconversion -Wshadow)
string(REPLACE "," ";" INCLUDES "${INCLUDES}")
foreach(dir IN LISTS INCLUDES)
  list(APPEND compile -I${dir})
endforeach()
# precompile(<name> <header>): as PRECOMPILED/<name>.hpp.gch
function(precompile name header)
  file(WRITE "${PRECOMPILED}/${name}.in.hpp" "#include <${header}>\n")
  execute_process(COMMAND ${compile} -x c++-header "${PRECOMPILED}/${name}.in.hpp" -o "${PRECOMPILED}/${name}.hpp.gch" COMMAND_ERROR_IS_FATAL ANY)
endfunction()
if(NOT CASE)
  precompile(sentence millrace/dsl/sentence.hpp)
  precompile(whole millrace.hpp)
  return()
endif()
if(PRECOMPILED)
  set(name sentence)
  file(STRINGS ${CASE} more REGEX "^#include <millrace")
  if(more)  # only then: what a case does not include has no part in it
    set(name whole)
  endif()
  if(KIND STREQUAL gcc)  # which looks for this when it is to include a file of that name less .gch, and there is none
    list(APPEND compile "-I${PRECOMPILED}" -include ${name}.hpp)
  else()
    list(APPEND compile -include-pch "${PRECOMPILED}/${name}.hpp.gch")
  endif()
endif()
list(APPEND compile -fsyntax-only)

# How many error lines there are in what a compiler said, and the first. Without list functions: messages hold semicolons and
# brackets.
function(first_error first_line count said)
  set(errors 0)
  set(first "")
  while(NOT said STREQUAL "")
    string(FIND "${said}" "\n" end)
    string(SUBSTRING "${said}" 0 ${end} line)  # to the end if there is no newline
    string(FIND "${line}" "error: " at)
    if(NOT at LESS 0)
      math(EXPR errors "${errors} + 1")
      if(errors EQUAL 1)
        set(first "${line}")
      endif()
    endif()
    if(end LESS 0)
      break()
    endif()
    math(EXPR end "${end} + 1")
    string(SUBSTRING "${said}" ${end} -1 said)
  endwhile()
  set(${first_line} "${first}" PARENT_SCOPE)
  set(${count} ${errors} PARENT_SCOPE)
endfunction()

# ---- the case: "// expect: text" for all compilers, "// expect gcc: text" and "// expect clang: text" for one kind
file(STRINGS ${CASE} expected REGEX "^// expect( ${KIND})?: ")
if(NOT expected)
  message(FATAL_ERROR "${CASE} expects nothing: it needs a line '// expect: ...'")
endif()
execute_process(COMMAND ${compile} ${CASE} OUTPUT_QUIET ERROR_VARIABLE said RESULT_VARIABLE code)
if(code EQUAL 0)
  message(FATAL_ERROR "${CASE} compiles, but it must not")
endif()

first_error(first errors "${said}")
string(REPLACE "\\'" "'" first "${first}")  # gcc escapes quotes inside of a string argument
string(REPLACE "\\\"" "\"" first "${first}")

set(wrong "")
foreach(line IN LISTS expected)
  string(REGEX REPLACE "^// expect( ${KIND})?: " "" fragment "${line}")
  string(FIND "${first}" "${fragment}" at)
  if(at LESS 0)
    string(APPEND wrong "\n  the first error line lacks: ${fragment}")
  endif()
endforeach()
if(NOT errors EQUAL 1)
  string(APPEND wrong "\n  there are ${errors} errors, not one")
endif()

# ---- the corrected twin
execute_process(COMMAND ${compile} -Werror -DMILLRACE_CORRECTED ${CASE} OUTPUT_QUIET ERROR_VARIABLE said RESULT_VARIABLE code)
if(NOT code EQUAL 0)
  first_error(twin ignored "${said}")
  string(APPEND wrong "\n  the corrected twin does not compile: ${twin}")
endif()

message("${first}")
if(wrong)
  message(FATAL_ERROR "${CASE}:${wrong}")
endif()
