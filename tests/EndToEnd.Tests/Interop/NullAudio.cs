using Hype.Testing.Processes;

namespace Hype.EndToEnd.Tests.Interop;

/// <summary>
/// A PulseAudio server whose output device plays nothing. Firefox needs an audio device, because its audio clock does not run without one.
/// </summary>
internal sealed class NullAudio : IAsyncDisposable
{
    private readonly ChildProcess _process;
    private readonly DirectoryInfo _folder;

    private NullAudio(ChildProcess process, DirectoryInfo folder)
    {
        _process = process;
        _folder = folder;
        Environment = new Dictionary<string, string> { ["PULSE_SERVER"] = $"unix:{Socket(folder)}" };
    }

    /// <summary>The environment variables that make a program use this server.</summary>
    public IReadOnlyDictionary<string, string> Environment { get; }

    public static async Task<NullAudio> StartAsync()
    {
        var folder = Directory.CreateTempSubdirectory("hype-pulse-");
        var process = ChildProcess.Start(
            "pulseaudio",
            [
                "-n", "--daemonize=no", "--exit-idle-time=-1", "--use-pid-file=no", "--log-target=stderr", "--log-level=info",
                "--load=module-null-sink sink_name=nowhere",
                $"--load=module-native-protocol-unix auth-anonymous=1 socket={Socket(folder)}",
            ],
            environment: new Dictionary<string, string> { ["HOME"] = folder.FullName, ["XDG_RUNTIME_DIR"] = folder.FullName });
        var audio = new NullAudio(process, folder);
        await process.WaitForLineAsync(
            line => line.Contains("Daemon startup complete", StringComparison.Ordinal), TimeSpan.FromSeconds(20));
        return audio;
    }

    public async ValueTask DisposeAsync()
    {
        await _process.DisposeAsync();
        _folder.Delete(recursive: true);
    }

    private static string Socket(DirectoryInfo folder) => Path.Combine(folder.FullName, "native");
}
