using System.Diagnostics;

namespace Hype.Contracts.Tests.Deployment;

/// <summary>Runs an installed program in the root folder of the repository.</summary>
internal static class Command
{
    /// <exception cref="System.ComponentModel.Win32Exception">The program is not installed.</exception>
    public static (int Code, string Output) Run(string program, params string[] arguments)
    {
        using var process = System.Diagnostics.Process.Start(new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Repository.Root,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        })!;
        var errors = process.StandardError.ReadToEndAsync();
        var output = process.StandardOutput.ReadToEnd();
        process.WaitForExit();
        return (process.ExitCode, process.ExitCode == 0 ? output : output + errors.Result);
    }
}
