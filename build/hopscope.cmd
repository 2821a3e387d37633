@rem The commands of Hopscope for terminals: a shell waits for this script, as it would not for the application.
@"%~dp0..\..\Hopscope.exe" %*
