# SPDX-License-Identifier: MIT
# What `cmake --install` puts down: the headers, a package for find_package, and one for pkg-config.
include(GNUInstallDirs)
include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_DATADIR}/cmake/millrace)

install(TARGETS millrace EXPORT millraceTargets FILE_SET HEADERS FILE_SET definitions)
install(EXPORT millraceTargets NAMESPACE millrace:: DESTINATION ${package_dir})

configure_package_config_file(cmake/millraceConfig.cmake.in ${PROJECT_BINARY_DIR}/millraceConfig.cmake
  INSTALL_DESTINATION ${package_dir} NO_SET_AND_CHECK_MACRO)
write_basic_package_version_file(${PROJECT_BINARY_DIR}/millraceConfigVersion.cmake
  COMPATIBILITY SameMinorVersion ARCH_INDEPENDENT)  # until 1.0, a minor version may change names
install(FILES ${PROJECT_BINARY_DIR}/millraceConfig.cmake ${PROJECT_BINARY_DIR}/millraceConfigVersion.cmake cmake/FindHwloc.cmake cmake/compiled.cmake
  DESTINATION ${package_dir})

file(RELATIVE_PATH prefix_from_pc /prefix/${CMAKE_INSTALL_DATADIR}/pkgconfig /prefix)  # so that the installed tree can be moved
configure_file(cmake/millrace.pc.in ${PROJECT_BINARY_DIR}/millrace.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/millrace.pc DESTINATION ${CMAKE_INSTALL_DATADIR}/pkgconfig)
