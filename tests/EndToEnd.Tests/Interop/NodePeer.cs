using System.Text.Json;
using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.NetworkNamespaces;
using Hype.Testing.Processes;

namespace Hype.EndToEnd.Tests.Interop;

/// <summary>
/// A running Node.js script of <c>Interop/peers</c>. It prints its progress line by line, and leaves the channel when it is disposed.
/// </summary>
internal sealed class NodePeer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);
    private static readonly string Folder = RepositoryPaths.InProject("Interop", "peers");

    private readonly ChildProcess _process;

    private NodePeer(ChildProcess process) => _process = process;

    /// <summary>
    /// Installs the npm packages that the scripts need, if they are missing; <c>tests/run</c> has installed them before.
    /// </summary>
    public static async Task InstallAsync()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            await ChildProcess.RunAsync("npm", ["ci", "--silent"], InstallLimit, Folder);
    }

    /// <summary>Starts a script.</summary>
    /// <param name="network">The network namespace of the script's sockets; null: that of the test process.</param>
    /// <param name="arguments">The object that the script gets as JSON.</param>
    public static NodePeer Start(
        NetworkNamespace? network, string script, object arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] words = [script, JsonSerializer.Serialize(arguments, JsonSerializerOptions.Web)];
        return new NodePeer(network?.Start("node", words, Folder, environment) ?? ChildProcess.Start("node", words, Folder, environment));
    }

    /// <summary>Writes a command, one line, to the script's standard input.</summary>
    public Task SendAsync(string word) => _process.WriteLineAsync(word);

    /// <summary>Waits until the script prints <paramref name="word"/>, and returns the rest of that line.</summary>
    public async Task<string> PrintsAsync(string word)
    {
        var line = await _process.WaitForLineAsync(line => line == word || line.StartsWith($"{word} ", StringComparison.Ordinal), Limit);
        return line[word.Length..].TrimStart();
    }

    public async ValueTask DisposeAsync()
    {
        await _process.CloseInputAsync(TimeSpan.FromSeconds(10));
        await _process.DisposeAsync();
    }
}
