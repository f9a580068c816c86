using System.Text;
using Microsoft.Playwright;

namespace Hype.EndToEnd.Tests.Testing;

/// <summary>Collects the console output and the exceptions of pages, for the report of a failed test.</summary>
internal sealed class BrowserLog
{
    private readonly StringBuilder _text = new();
    private readonly Lock _gate = new();

    public string Text
    {
        get
        {
            lock (_gate)
                return _text.ToString();
        }
    }

    public void Watch(IPage page)
    {
        page.Console += (_, message) => Write($"{message.Type}: {message.Text}");
        page.PageError += (_, error) => Write($"uncaught: {error}");
        page.Crash += (_, _) => Write("the page crashed");
    }

    private void Write(string line)
    {
        lock (_gate)
            _text.Append(line).Append('\n');
    }
}
