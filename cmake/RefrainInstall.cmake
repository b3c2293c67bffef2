# What "cmake --install" puts down beside the headers: the libraries, a CMake package (refrain::refrain and refrain::<module>) and
# a pkg-config file. Both may be moved together with the folder they were installed into.

get_property(modules GLOBAL PROPERTY REFRAIN_MODULES)

add_library(refrain_all INTERFACE)
add_library(refrain::refrain ALIAS refrain_all)
set_target_properties(refrain_all PROPERTIES EXPORT_NAME refrain)
target_link_libraries(refrain_all INTERFACE ${modules} refrain_version)

install(TARGETS ${modules} refrain_all refrain_version EXPORT refrain
  ARCHIVE DESTINATION ${CMAKE_INSTALL_LIBDIR})

# Man page and completions, written by the command from its own tables.

if(TARGET refrain_command)
  set(manual_dir ${PROJECT_BINARY_DIR}/manual)
  file(MAKE_DIRECTORY ${manual_dir})
  add_custom_command(
    OUTPUT ${manual_dir}/refrain.1 ${manual_dir}/refrain.bash ${manual_dir}/_refrain ${manual_dir}/refrain.fish
    COMMAND refrain_command man > refrain.1
    COMMAND refrain_command completion bash > refrain.bash
    COMMAND refrain_command completion zsh > _refrain
    COMMAND refrain_command completion fish > refrain.fish
    WORKING_DIRECTORY ${manual_dir} COMMENT "Writing man page and completions" VERBATIM)
  add_custom_target(refrain_manual ALL DEPENDS ${manual_dir}/refrain.1)
  install(FILES ${manual_dir}/refrain.1 DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
  install(FILES ${manual_dir}/refrain.bash DESTINATION ${CMAKE_INSTALL_DATADIR}/bash-completion/completions RENAME refrain)
  install(FILES ${manual_dir}/_refrain DESTINATION ${CMAKE_INSTALL_DATADIR}/zsh/site-functions)
  install(FILES ${manual_dir}/refrain.fish DESTINATION ${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d)
endif()

# The CMake package.

include(CMakePackageConfigHelpers)
set(package_dir ${CMAKE_INSTALL_LIBDIR}/cmake/refrain)
install(EXPORT refrain NAMESPACE refrain:: FILE RefrainTargets.cmake DESTINATION ${package_dir})
configure_package_config_file(
  ${PROJECT_SOURCE_DIR}/cmake/refrain-config.cmake.in ${PROJECT_BINARY_DIR}/refrain-config.cmake
  INSTALL_DESTINATION ${package_dir})
write_basic_package_version_file(
  ${PROJECT_BINARY_DIR}/refrain-config-version.cmake COMPATIBILITY SameMinorVersion)
install(FILES ${PROJECT_BINARY_DIR}/refrain-config.cmake ${PROJECT_BINARY_DIR}/refrain-config-version.cmake
  ${PROJECT_SOURCE_DIR}/cmake/RefrainLibraries.cmake DESTINATION ${package_dir})

# The pkg-config file, from what the modules link. All libraries are static, so their needs are in Requires, not in
# Requires.private: "pkg-config --libs refrain" is enough, with or without --static.

# The pkg-config name of a linked target.
function(refrain_pkg_config_name library name)
  set(result NOTFOUND)
  if(library MATCHES "^absl::(.*)$")
    set(result absl_${CMAKE_MATCH_1})
  elseif(library MATCHES "^PkgConfig::(.*)$")
    set(result ${${CMAKE_MATCH_1}_MODULE_NAME})
  elseif(library MATCHES "^(fmt|simdjson)::")
    set(result ${CMAKE_MATCH_1})
  elseif(library MATCHES "^ICU::(.*)$")
    set(result icu-${CMAKE_MATCH_1})
  endif()
  if(NOT result)
    message(FATAL_ERROR "cmake/RefrainInstall.cmake: say what pkg-config calls ${library}")
  endif()
  set(${name} ${result} PARENT_SCOPE)
endfunction()

set(PC_REQUIRES "")
set(PC_LIBS "")
foreach(module IN LISTS modules)
  list(PREPEND PC_LIBS -l${module})  # modules are declared from the bottom up; the linker wants users first
  get_target_property(libraries ${module} LINK_LIBRARIES)
  foreach(library IN LISTS libraries)
    if(library STREQUAL "Threads::Threads" OR library MATCHES "^refrain(::|_)" OR NOT library)
      continue()
    endif()
    refrain_pkg_config_name(${library} name)
    list(APPEND PC_REQUIRES ${name})
  endforeach()
endforeach()
list(REMOVE_DUPLICATES PC_REQUIRES)
list(SORT PC_REQUIRES)
list(JOIN PC_REQUIRES ", " PC_REQUIRES)
list(JOIN PC_LIBS " " PC_LIBS)
file(RELATIVE_PATH PC_PREFIX ${CMAKE_INSTALL_FULL_LIBDIR}/pkgconfig ${CMAKE_INSTALL_PREFIX})
file(RELATIVE_PATH PC_LIBDIR ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_LIBDIR})
file(RELATIVE_PATH PC_INCLUDEDIR ${CMAKE_INSTALL_PREFIX} ${CMAKE_INSTALL_FULL_INCLUDEDIR})
configure_file(${PROJECT_SOURCE_DIR}/cmake/refrain.pc.in ${PROJECT_BINARY_DIR}/refrain.pc @ONLY)
install(FILES ${PROJECT_BINARY_DIR}/refrain.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)
install(FILES LICENSE NOTICE DESTINATION ${CMAKE_INSTALL_DOCDIR})
