# Installs into the build folder and uses what was installed, in each way that is promised.

foreach(step install find_package pkg-config headers subproject)
  add_test(NAME consumer/${step} COMMAND ${CMAKE_COMMAND}
    -DSTEP=${step} -DBUILD=${PROJECT_BINARY_DIR} -DSOURCE=${PROJECT_SOURCE_DIR}
    -DSCRATCH=${PROJECT_BINARY_DIR}/consumer -DCXX=${CMAKE_CXX_COMPILER} -DVERSION=${PROJECT_VERSION}
    -P ${PROJECT_SOURCE_DIR}/tests/consumer/check.cmake)
  set_tests_properties(consumer/${step} PROPERTIES TIMEOUT 300)
  if(step STREQUAL "install")
    set_tests_properties(consumer/${step} PROPERTIES FIXTURES_SETUP refrain_installed)
  else()
    set_tests_properties(consumer/${step} PROPERTIES FIXTURES_REQUIRED refrain_installed)
  endif()
endforeach()
