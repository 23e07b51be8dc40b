# SPDX-License-Identifier: MIT
# The target millrace::compiled: millrace::millrace for programs of several source files, with what depends on none of their types in a
# static library of the project that uses it. Built only if somebody links it. Also installed, beside millraceConfig.cmake.
if(NOT TARGET millrace_compiled)
  set(source ${CMAKE_CURRENT_BINARY_DIR}/millrace_compiled.cpp)
  file(CONFIGURE OUTPUT ${source} CONTENT "#include <millrace/separate.hpp>\n")
  add_library(millrace_compiled STATIC EXCLUDE_FROM_ALL ${source})
  add_library(millrace::compiled ALIAS millrace_compiled)
  target_compile_definitions(millrace_compiled PUBLIC MILLRACE_SEPARATE_COMPILATION)
  target_link_libraries(millrace_compiled PUBLIC millrace::millrace)
endif()
