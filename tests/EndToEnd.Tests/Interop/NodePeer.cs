using System.Text.Json;
using Hype.EndToEnd.Tests.Testing;
using Hype.Testing.NetworkNamespaces;
using Hype.Testing.Processes;

namespace Hype.EndToEnd.Tests.Interop;

/// <summary>One of the scripts in <c>peers</c>, running: it tells line by line what it has reached, and leaves when it is disposed.</summary>
internal sealed class NodePeer : IAsyncDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(5);
    private static readonly string Folder = RepositoryPaths.InProject("Interop", "peers");

    private readonly ChildProcess _process;

    private NodePeer(ChildProcess process) => _process = process;

    /// <summary>Fetches the packages of the scripts when nobody has yet; <c>tests/run</c> has.</summary>
    public static async Task InstallAsync()
    {
        if (!Directory.Exists(Path.Combine(Folder, "node_modules")))
            await ChildProcess.RunAsync("npm", ["ci", "--silent"], InstallLimit, Folder);
    }

    /// <param name="network">Where its sockets are; null: where the test's are.</param>
    public static NodePeer Start(NetworkNamespace? network, string script, object arguments, IReadOnlyDictionary<string, string>? environment = null)
    {
        string[] words = [script, JsonSerializer.Serialize(arguments, JsonSerializerOptions.Web)];
        return new NodePeer(network?.Start("node", words, Folder, environment) ?? ChildProcess.Start("node", words, Folder, environment));
    }

    /// <summary>Tells the script what to do next.</summary>
    public Task TellAsync(string word) => _process.WriteLineAsync(word);

    /// <summary>Waits until the script says <paramref name="word"/>, alone or with something behind it, which is returned.</summary>
    public async Task<string> SaysAsync(string word)
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
