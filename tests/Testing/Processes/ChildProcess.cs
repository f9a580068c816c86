using System.Diagnostics;
using System.Text;

namespace Hype.Testing.Processes;

/// <summary>
/// A process that a test starts. Its output is recorded, and the test can wait for a line of it. The process is stopped when this
/// object is disposed, by its own id and with SIGTERM first, so that an orderly shutdown is part of the test.
/// </summary>
public sealed class ChildProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly StringBuilder _log = new();
    private readonly List<(Predicate<string> Wanted, TaskCompletionSource<string> Seen)> _awaited = [];
    private readonly Lock _gate = new();

    private ChildProcess(ProcessStartInfo start)
    {
        Name = Path.GetFileName(start.FileName);
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
    }

    /// <summary>The file name of the program, for messages.</summary>
    public string Name { get; }

    public int Id => _process.Id;

    public bool HasExited => _process.HasExited;

    /// <summary>The output so far, of both streams.</summary>
    public string Log
    {
        get
        {
            lock (_gate)
                return _log.ToString();
        }
    }

    public static ChildProcess Start(
        string file,
        IEnumerable<string> arguments,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        var start = new ProcessStartInfo(file, arguments)
        {
            WorkingDirectory = workingDirectory ?? "",
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (key, value) in environment ?? new Dictionary<string, string>())
            start.Environment[key] = value;

        var child = new ChildProcess(start);
        child._process.OutputDataReceived += (_, line) => child.Record(line.Data);
        child._process.ErrorDataReceived += (_, line) => child.Record(line.Data);
        child._process.Start();
        child._process.BeginOutputReadLine();
        child._process.BeginErrorReadLine();
        return child;
    }

    /// <summary>Starts a process, waits for its exit and returns its output.</summary>
    /// <exception cref="InvalidOperationException">The process exited with another code than 0, or did not exit in time.</exception>
    public static async Task<string> RunAsync(
        string file,
        IEnumerable<string> arguments,
        TimeSpan limit,
        string? workingDirectory = null,
        IReadOnlyDictionary<string, string>? environment = null)
    {
        await using var child = Start(file, arguments, workingDirectory, environment);
        var code = await child.WaitForExitAsync(limit);
        return code == 0
            ? child.Log
            : throw new InvalidOperationException($"{child.Name} ended with code {code}:\n{child.Log}");
    }

    /// <summary>Waits for a line that satisfies <paramref name="wanted"/>, among those already printed or still to come.</summary>
    /// <exception cref="InvalidOperationException">The process exited, or time was up, before such a line.</exception>
    public async Task<string> WaitForLineAsync(Predicate<string> wanted, TimeSpan limit)
    {
        var seen = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        lock (_gate)
        {
            var already = _log.ToString().Split('\n').FirstOrDefault(line => wanted(line));
            if (already is not null)
                return already;
            _awaited.Add((wanted, seen));
        }

        using var stop = new CancellationTokenSource(limit);
        var exited = _process.WaitForExitAsync(stop.Token);
        await Task.WhenAny(seen.Task, exited);
        if (seen.Task.IsCompletedSuccessfully)
            return await seen.Task;
        throw new InvalidOperationException(
            exited.IsCompletedSuccessfully
                ? $"{Name} ended with code {_process.ExitCode} before it printed what was awaited:\n{Log}"
                : $"{Name} did not print what was awaited within {limit.TotalSeconds:0} s:\n{Log}");
    }

    public async Task WriteLineAsync(string line)
    {
        await _process.StandardInput.WriteLineAsync(line);
        await _process.StandardInput.FlushAsync();
    }

    /// <returns>The exit code.</returns>
    /// <exception cref="InvalidOperationException">The process did not exit in time.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        using var stop = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(stop.Token);
        }
        catch (OperationCanceledException)
        {
            throw new InvalidOperationException($"{Name} did not end within {limit.TotalSeconds:0} s:\n{Log}");
        }

        return _process.ExitCode;
    }

    /// <summary>Closes the standard input of a process that exits at the end of its input, and waits for the exit.</summary>
    /// <returns>True if the process exited in time.</returns>
    public async Task<bool> CloseInputAsync(TimeSpan grace)
    {
        _process.StandardInput.Close();
        return await ExitsWithinAsync(grace);
    }

    /// <summary>Asks the process to exit, and kills it if it is still running after <paramref name="grace"/>.</summary>
    /// <returns>True if the process exited when asked.</returns>
    public async Task<bool> StopAsync(TimeSpan grace)
    {
        if (_process.HasExited)
            return true;
        ProcessSignal.Terminate(_process.Id);
        if (await ExitsWithinAsync(grace))
            return true;
        _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync(CancellationToken.None);
        return false;
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync(TimeSpan.FromSeconds(5));
        _process.Dispose();
    }

    private async Task<bool> ExitsWithinAsync(TimeSpan limit)
    {
        using var stop = new CancellationTokenSource(limit);
        try
        {
            await _process.WaitForExitAsync(stop.Token);
            return true;
        }
        catch (OperationCanceledException)
        {
            return false;
        }
    }

    private void Record(string? line)
    {
        if (line is null)
            return;
        lock (_gate)
        {
            _log.Append(line).Append('\n');
            foreach (var (wanted, seen) in _awaited)
            {
                if (wanted(line))
                    seen.TrySetResult(line);
            }
        }
    }
}
