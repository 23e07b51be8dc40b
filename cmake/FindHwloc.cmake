# SPDX-License-Identifier: MIT
# Finds hwloc, which brings no package file for CMake. Sets Hwloc_FOUND and Hwloc_VERSION, defines Hwloc::Hwloc.
# Also installed beside millraceConfig.cmake, for projects that use Millrace.
find_package(PkgConfig QUIET)
if(PkgConfig_FOUND)
  pkg_check_modules(PC_Hwloc QUIET hwloc)
endif()
find_path(Hwloc_INCLUDE_DIR hwloc.h HINTS ${PC_Hwloc_INCLUDE_DIRS})
find_library(Hwloc_LIBRARY hwloc HINTS ${PC_Hwloc_LIBRARY_DIRS})
mark_as_advanced(Hwloc_INCLUDE_DIR Hwloc_LIBRARY)

if(Hwloc_INCLUDE_DIR)  # the version of the interface, which is what matters: 0x00020800 is 2.8
  file(STRINGS ${Hwloc_INCLUDE_DIR}/hwloc.h api REGEX "^#define HWLOC_API_VERSION 0x")
  string(REGEX REPLACE "^.* 0x(....)(..)(..)$" "0x\\1;0x\\2;0x\\3" api "${api}")
  set(Hwloc_VERSION "")
  foreach(part ${api})
    math(EXPR part ${part})
    list(APPEND Hwloc_VERSION ${part})
  endforeach()
  list(JOIN Hwloc_VERSION . Hwloc_VERSION)
endif()

include(FindPackageHandleStandardArgs)
find_package_handle_standard_args(Hwloc
  REQUIRED_VARS Hwloc_LIBRARY Hwloc_INCLUDE_DIR
  VERSION_VAR Hwloc_VERSION
  REASON_FAILURE_MESSAGE "Debian and Ubuntu: apt install libhwloc-dev. Fedora: dnf install hwloc-devel. macOS: brew install hwloc. Elsewhere, set Hwloc_ROOT.")

if(Hwloc_FOUND AND NOT TARGET Hwloc::Hwloc)
  add_library(Hwloc::Hwloc UNKNOWN IMPORTED)
  set_target_properties(Hwloc::Hwloc PROPERTIES
    IMPORTED_LOCATION ${Hwloc_LIBRARY}
    INTERFACE_INCLUDE_DIRECTORIES ${Hwloc_INCLUDE_DIR})
endif()
