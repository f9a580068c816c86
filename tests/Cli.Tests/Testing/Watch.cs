using System.Text;
using System.Text.RegularExpressions;
using System.Threading.Channels;
using Hype.Gateway.Tests.Testing;

namespace Hype.Cli.Tests.Testing;

/// <summary>A running <c>hype</c> command; a test reads its output line by line while it runs.</summary>
internal sealed class Watch : IAsyncDisposable
{
    /// <summary>The time after which a missing line, or a command that does not end, fails the test.</summary>
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);

    private readonly CancellationTokenSource _stop = new();
    private readonly LineWriter _output = new();
    private readonly StringWriter _errors = new();
    private readonly Task<int> _command;

    public Watch(GatewayHost gateway, params string[] words) =>
        // A separate thread, like a process: it must not wait for the test that reads its output.
        _command = Task.Run(() => Typist.At(gateway).StartAsync(_output, _errors, _stop.Token, words));

    /// <summary>
    /// Waits for the next line that matches <paramref name="pattern"/>, and returns it; other lines before it are skipped.
    /// </summary>
    public async Task<string> SaysAsync(string pattern)
    {
        using var timeout = new CancellationTokenSource(Limit);
        var seen = new List<string>();
        try
        {
            while (true)
            {
                seen.Add(await _output.Lines.ReadAsync(timeout.Token));
                if (Regex.IsMatch(seen[^1], pattern))
                    return seen[^1];
            }
        }
        catch (OperationCanceledException)
        {
            throw new AssertionException($"No line matched {pattern}; the output was:\n{string.Join('\n', seen)}\n{_errors}");
        }
    }

    /// <summary>Cancels the command, as Ctrl-C does, and returns its exit code.</summary>
    public async Task<int> StopAsync()
    {
        await _stop.CancelAsync();
        return await _command.WaitAsync(Limit);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _stop.Dispose();
    }

    private sealed class LineWriter : TextWriter
    {
        private readonly Channel<string> _lines = Channel.CreateUnbounded<string>();
        private readonly StringBuilder _line = new();

        public ChannelReader<string> Lines => _lines.Reader;

        public override Encoding Encoding => Encoding.UTF8;

        public override void Write(char value)
        {
            if (value == '\n')
            {
                _lines.Writer.TryWrite(_line.ToString().TrimEnd());
                _line.Clear();
            }
            else
            {
                _line.Append(value);
            }
        }
    }
}
